/** The ids live in `platform` because features set them; end-to-end tests import them from here. */
export { TEST_IDS } from '../platform/test-ids.ts';
