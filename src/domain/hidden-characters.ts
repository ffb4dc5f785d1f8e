/** All control characters but tab and line feed, and what changes the reading direction of the text after it. */
const CONTROLS = String.raw`\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069`;

/** What no line of a log may have: it could hide a workflow command, or reverse the text beside it. */
export const CONTROL_CHARACTERS = new RegExp(`[${CONTROLS}]`, 'g');

/** What nobody sees, and what may get lost on the way to a reader: soft hyphens, zero widths, and the controls. */
export const HIDDEN_CHARACTERS = new RegExp(
  String.raw`[${CONTROLS}\u00ad\u034f\u061c\u180e\u200b-\u200d\u2060-\u206f\ufe00-\ufe0f\ufeff]+`,
  'g',
);
