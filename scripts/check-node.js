// Plain JavaScript, since an older Node cannot read the other scripts' types. Runs before the demo, the tests and the
// embedded platform: `npm ci` brings Node 24 along where npm has a package of it, and this says what to do elsewhere.
const major = Number(process.versions.node.split('.')[0]);
if (major < 24) {
  console.error(
    `This needs Node 24, but runs on ${process.version} (${process.platform}, ${process.arch}). ` +
      'Run `npm ci` first, which brings Node 24 along; on Apple Silicon and Windows for ARM, install Node 24 itself.',
  );
  process.exitCode = 1;
}
