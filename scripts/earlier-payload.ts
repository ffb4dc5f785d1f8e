/** The payload of a GitHub deployment that an earlier run of the deploy action has left. */
export function earlierPayload(changes: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return {
    bundle_size: 500,
    bundle_files: 3,
    bundle_sha256: 'ab'.repeat(32),
    artifact_id: null,
    artifact_name: null,
    run_id: '1',
    run_attempt: '1',
    project_uuid: undefined,
    project_name: null,
    pull_request: null,
    working_directory: '.',
    ...changes,
  };
}
