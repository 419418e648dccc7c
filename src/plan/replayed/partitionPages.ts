// Replayed by workflows: see README.md of this folder before a change.

/** Number of copies that are planned together. A table can have thousands of partitions, too many for one payload. */
export const PARTITIONS_PER_PAGE = 100;
