import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { MIGRATIONS } from '#server/migrations/migrations.ts';

/** SHA-256 of the statements of each frozen migration. One that is not listed may still be edited: it has to be among the last ones. */
const FROZEN: Readonly<Record<string, string>> = {
  '10 foundation': '8ef97c370477623a3ef546e28699b55bd8dbedf222b33421c3d52805a468b384',
  '20 shift': 'e97caf29a8e488bcca47c3bbedc251c76b1be883d4f7c94a2e9bfba181884fe6',
  '30 promises': 'fa692862ad1d5231868b330867309d05e603448265a830184b2ed95fb425f117',
  '40 call reveals': 'b5ee47416aa105797d5c9f2b512f542b7869c33203ff3aa0d56cc2b3ea6c0019',
  '50 attachments': '92dbfe65a63b0b7f702c37022f11cfa331735d9f1905683e7298e1a7661d0109',
  '60 attachments by person': 'c81086cb9a10964eb51d8784b911c7f0f79d04d57f3d91bd77ddf0fd70f7f43e',
  '70 segments': 'd19398f941bd113912678cb6ddcefe9d32e6c635c35ed8680c114841958c5ea7',
  '80 retention': '08bcb8ff98b5f8c6e7e9c0defcb3308109ec34877c9d80a7f4bf9db2464bb157',
  '90 console keys': '1efdbf9f8f3eb823572428290d135bef4a5322a9e0cbe32e2f6127ca247e0611',
  '100 decisions': 'd759ad88225bdd40e0480e24cb41f1896a9d1dfa749f58739c323e46bf384d63',
  '110 monthly scopes': '7b0f05781d16789a240a1ef532027496cce936d9289fe2cca335ad6db38aabb4',
  '120 ticket clocks': 'bdd0d43bf65f1ed6cbb56dc9eb6234a9da772444e5f8a94be3033b124f39af2e',
  '130 units': 'e96d396747b966b9daa3a798cda48cc31a985a0df7d9480850143905123219e8',
  '131 unit webhooks': '85a355000f907906287b1e6399dc68c4bf0e15975aab1a5834b133faad6276b7',
  '132 open311': '9218035f91375c87cc5fec13fe3db5c0e431e445547dddf24785f4f546068bd8',
  '133 co-units': '0fafd7d6290ad3cbbdb42fcf2df56bcc2d221f987af1c34d7e2ff5877bd76c65',
  '140 overlays': 'fbbf6ea8def744593f05d17bd4e5a8c240266393c0be48cbc31a31cacdc7727b',
  '160 board': '91f77b10c759b6da99d85fb19fdc72e0ef9e11a3470fab87b915cfa8654ff9ed',
  '161 unit reminders': '5c12595cfe395fe7d9899b68958240536a01677344f0d3e4ce86d86415f3d9d4',
  '170 flows': '5da4d833f02485ad305d8694fb53b60971bd494dc4b09bc1fe20dfed64ab3c14',
  '180 all hand-overs': '7e373cbe0d5581eebc230aaa0658c6f578d550846983a2c76386721fd9f65681',
};

test('a released migration of the server is never edited', () => {
  const frozen = MIGRATIONS.slice(0, Object.keys(FROZEN).length);
  const digests = frozen.map(({ id, name, statements }) => {
    return [`${id} ${name}`, createHash('sha256').update(JSON.stringify(statements)).digest('hex')];
  });
  expect(Object.fromEntries(digests)).toEqual(FROZEN);
});

test('migrations of the server are numbered upwards', () => {
  const ids = MIGRATIONS.map(({ id }) => id);
  expect(ids).toEqual([...new Set(ids)].sort((a, b) => a - b));
});
