// What showing messages takes, without the packets and their schemas: a program that only prints starts twice as fast.
export { ItemFlag } from '../archipelago/enumerations.js';
export {
  ansiText,
  plainText,
  renderText,
  TEXT_COLORS,
  type TextColor,
  type TextKind,
  type TextNames,
  type TextPart,
  type TextStyle,
} from '../archipelago/message-text.js';
export { type StripOptions, stripControls } from '../archipelago/strip-controls.js';
