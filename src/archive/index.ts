export type { Input, Member, MemberProof, Skipped } from "./input.js";
export type { ArchiveLimits } from "./limits.js";
export { type ArchiveEffects, type OpenInputOptions, openInput } from "./open-input.js";
