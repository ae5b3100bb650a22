import { textSchema } from '../kernel/text.ts';

/** 班组: a part of a centre's people who work and are led together, by the name the centre gives it. */
export const teamSchema = textSchema(20).refine((name) => name !== '' && name.trim() === name);
