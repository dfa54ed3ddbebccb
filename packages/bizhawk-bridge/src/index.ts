export { createBizHawkDriver } from './bizhawk-driver.js';
export type { BizHawkOptions, BizHawkTimes } from './bizhawk-options.js';
export { type ConnectorEmulator, connectorScriptPath } from './connector-script.js';
