/** Milliseconds on a clock that all processes of this machine share and that nobody sets: for times across processes. */
export const sharedTime = (): number => Number(process.hrtime.bigint()) / 1e6;
