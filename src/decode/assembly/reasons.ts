// Why a line cannot be taken. The words for these numbers are in ../reasons.ts.
export const CUT_OFF: i32 = 1;
export const SYNTAX: i32 = 2;
export const NUMBER: i32 = 3;
export const CONTROL_CHARACTER: i32 = 4;
export const ESCAPE: i32 = 5;
export const LONE_SURROGATE: i32 = 6;
export const UTF8: i32 = 7;
export const TOO_DEEP: i32 = 8;
export const NOT_AN_OBJECT: i32 = 9;
export const AFTER_THE_END: i32 = 10;
export const DUPLICATE_FIELD: i32 = 11;
export const NO_UUID: i32 = 12;
export const NO_EVENT_TYPE: i32 = 13;
export const NO_UPLOAD_TIME: i32 = 14;
