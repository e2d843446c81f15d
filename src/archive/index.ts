export { ArrivingZip } from "./arriving-zip.js";
export type { Input, Member, MemberProof, Sink, Skipped } from "./input.js";
export type { ArchiveLimits } from "./limits.js";
export { type ArchiveEffects, type OpenInputOptions, openInput } from "./open-input.js";
export { type OpenFile, openMembers, SHARES_DESCRIPTORS } from "./open-members.js";
