/** `npm run check`: what can be said about the sources without running them; names as arguments run only those. */
import { STATIC_CHECKS } from './static-checks.ts';

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => STATIC_CHECKS.every((check) => check.name !== name));
if (unknown.length > 0) {
  console.error(
    `Unknown check ${unknown.join(', ')}: choose from ${STATIC_CHECKS.map(({ name }) => name).join(', ')}.`,
  );
  process.exit(2);
}
const failed: string[] = [];
for (const check of STATIC_CHECKS) {
  if (wanted.length > 0 && !wanted.includes(check.name)) continue;
  console.log(`\n── ${check.name}`);
  if (!(await check.run())) failed.push(check.name);
}
console.log(failed.length === 0 ? '\nAll checks passed' : `\nFailed: ${failed.join(', ')}`);
process.exitCode = failed.length === 0 ? 0 : 1;
