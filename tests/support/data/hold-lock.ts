import { lockFolder } from '#main/data/db/instance-lock.ts';

lockFolder(process.argv[2] ?? '', null);
process.stdout.write('held\n');
setInterval(() => undefined, 1_000);
