/**
 * Drops the oldest records beyond those that are to be kept.
 * @param mayGo whether a record is over; one that is not stays, with those after it
 * @returns what was dropped
 */
export function dropOldest<R>(records: R[], kept: number, mayGo: (record: R) => boolean): R[] {
  if (records.length <= kept) return [];
  const excess = records.slice(0, records.length - kept);
  const firstStaying = excess.findIndex((record) => !mayGo(record));
  return records.splice(0, firstStaying < 0 ? excess.length : firstStaying);
}
