export { ERROR_CODES, ERRORS, type ErrorCode } from './catalogue.js';
export { CausewayError, type CausewayErrorOptions, isDeviceGone } from './causeway-error.js';
