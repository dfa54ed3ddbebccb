export { createBizHawkDriver } from './bizhawk-driver.js';
export type { BizHawkOptions, BizHawkTimes } from './bizhawk-options.js';
