// The parts of ours that are measured without a whole program around them.
export { openRuns } from '../src/store/files.ts';
export { realDisk } from '../src/system/disk.ts';
export { variantsOf } from '../src/text/variants.ts';
