import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import ts from 'typescript';
import { expect, test } from 'vitest';

const RENDERER = join(import.meta.dirname, '../../../src/renderer');
const E2E = join(import.meta.dirname, '../../e2e');

/** What a person types into is one of these in the end. */
const PRIMITIVES = ['TextInput', 'Textarea', 'PasswordInput', 'NumberInput', 'JsonInput', 'PinInput', 'InputBase'];
const CHOOSING = ['Autocomplete', 'TagsInput', 'MultiSelect', 'Select', 'DateInput', 'DateTimePicker', 'ColorInput'];
/** `input` elements of these types hold no text. */
const WITHOUT_TEXT = ['radio', 'checkbox', 'file'];

interface Use {
  readonly file: string;
  /** The component or element a text is typed into. */
  readonly tag: string;
  /** The function it is drawn by. */
  readonly within: string;
  /** Its test id as it is written: TEST_IDS.overlayField('unit'); null where it is given from outside, empty where it has none. */
  readonly id: string | null;
}

const files = readdirSync(RENDERER, { recursive: true, withFileTypes: true })
  .filter(({ name }) => name.endsWith('.tsx'))
  .map(({ parentPath, name }) => join(parentPath, name))
  .map((path) => ({
    file: relative(RENDERER, path),
    source: ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.Latest, true, ts.ScriptKind.TSX),
  }));

/** Every element of these names, with its test id. */
function usesOf(tags: ReadonlySet<string>): readonly Use[] {
  return files.flatMap(({ file, source }) => {
    const uses: Use[] = [];
    const visit = (node: ts.Node, within: string): void => {
      const inside = ts.isFunctionDeclaration(node) && node.name ? node.name.text : within;
      if (ts.isJsxSelfClosingElement(node) || ts.isJsxOpeningElement(node)) {
        const tag = node.tagName.getText(source);
        const attributes = node.attributes.properties;
        const written = (name: string) =>
          attributes
            .find((one): one is ts.JsxAttribute => ts.isJsxAttribute(one) && one.name.getText(source) === name)
            ?.initializer?.getText(source);
        const isText = tag === 'input' && !WITHOUT_TEXT.some((type) => written('type') === `"${type}"`);
        if (tags.has(tag) || isText || tag === 'textarea' || written('contentEditable') !== undefined) {
          const given = written('data-testid') ?? written('testId');
          const isSpread = attributes.some(ts.isJsxSpreadAttribute);
          const isPassed = given !== undefined && /^\{(?:props\.)?testId\}$/.test(given);
          const id = given === undefined ? (isSpread ? null : '') : isPassed ? null : given.replace(/^\{|\}$/g, '');
          uses.push({ file, tag, within: inside, id });
        }
      }
      ts.forEachChild(node, (child) => visit(child, inside));
    };
    visit(source, '');
    return uses;
  });
}

/** Components that are given their test id from outside stand for the field they draw; so does what draws those. */
function allUses(): readonly Use[] {
  const tags = new Set([...PRIMITIVES, ...CHOOSING]);
  for (;;) {
    const uses = usesOf(tags);
    const drawing = uses.filter(({ id, within }) => id === null && !tags.has(within)).map(({ within }) => within);
    if (drawing.length === 0) return uses;
    for (const name of drawing) tags.add(name);
  }
}

/** The test id a component has where it is given none: `testId = TEST_IDS.intakeCategory`. */
const usualIds = new Map(
  files.flatMap(({ source }) =>
    [...source.text.matchAll(/export function (\w+)\([\s\S]*?\n\}/g)].flatMap(([body, name = '']) => {
      const [, id] = /testId = (TEST_IDS\.\w+)/.exec(body) ?? [];
      return id === undefined ? [] : [[name, id] as const];
    }),
  ),
);

const fields = allUses()
  .filter(({ id }) => id !== null)
  .map((use) => ({ ...use, id: use.id || (usualIds.get(use.tag) ?? '') }));

/** Specs that try bad texts: their own, and those that come by a field with something else. */
const specs = readdirSync(E2E)
  .map((name) => readFileSync(join(E2E, name), 'utf8'))
  .filter((spec) => spec.includes('support/guarded-fields.ts') || spec.includes('support/odd-text.ts'));

/** Whether a spec about bad texts names a field: as it is written, or with its argument from a list. */
function isNamed(id: string): boolean {
  const [, name = '', argument] = /^TEST_IDS\.(\w+)(?:\(([\s\S]*)\))?$/.exec(id) ?? [];
  if (name === '') return false;
  const call = argument === undefined ? new RegExp(`TEST_IDS\\.${name}\\b`) : new RegExp(`TEST_IDS\\.${name}\\(`);
  const literal = argument !== undefined && /^'[^']*'$/.test(argument) ? argument : null;
  return specs.some((spec) => call.test(spec) && (literal === null || spec.includes(literal)));
}

test('every field that text is typed into is named by a spec that tries bad texts at the screen', () => {
  expect(fields.length).toBeGreaterThan(90);
  const unknown = fields.filter(({ id }) => !isNamed(id)).map(({ file, tag, id }) => `${file}: <${tag}> ${id}`);
  expect(unknown).toEqual([]);
});

/** Fields that offer no canned texts by `/`, and why no sentence is written there. Every other one is a CannedTextInput or CannedTextArea. */
const WITHOUT_CANNED_TEXTS: Readonly<Record<string, string>> = {
  'app/CommandPalette.tsx': 'a search',
  'features/search/SearchPage.tsx': 'a search',
  'features/knowledge/KnowledgePage.tsx': 'a search',
  'features/knowledge/KnowledgePanel.tsx': 'a search',
  'features/tickets/decide/ParentPicker.tsx': 'a search',
  'ui/PickList.tsx': 'a search with what it finds',
  'ui/TypeAhead.tsx': 'a list that is found in by typing',
  'terms/DateTimeField.tsx': 'a moment',
  'features/intake/form/WrittenField.tsx': 'a number, a day, or the code of something',
  'features/quality/ScoreFields.tsx': 'points',
  'features/intake/PhoneField.tsx': 'a number to call',
  'features/citizen/PhoneRows.tsx': 'a number to call',
  'features/call/DialPanel.tsx': 'a number to call',
  'features/call/SimulateMenu.tsx': 'who calls in a demo',
  'features/outbox/DecideDialog.tsx': 'an account',
  'features/session/SignInScreen.tsx': 'an account and its password',
  'features/session/RelockBanner.tsx': 'a password',
  'features/settings/PasswordSection.tsx': 'a password',
  'terms/PasswordRow.tsx': 'a password',
};

test('canned texts come by a slash in every field that sentences are written in; the others say what they are', () => {
  const plain = usesOf(new Set([...PRIMITIVES, ...CHOOSING]))
    .map(({ file }) => file)
    .filter((file) => !/^terms\/CannedText(Area|Input)\.tsx$/.test(file));
  expect([...new Set(plain)].toSorted()).toEqual(Object.keys(WITHOUT_CANNED_TEXTS).toSorted());
});
