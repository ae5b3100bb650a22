/** What is said at any field about the text in it. */
export const zhCNText = {
  tooLong: '{{count}} 字，最多 {{max}} 字；请删减，文字还在',
  longName: '“{{name}}…”太长，一个名称最多 {{max}} 字；多个名称用顿号隔开',
  manyNames: '{{count}} 个名称，最多 {{max}} 个',
  untaken: '尚未选定；{{hint}}',
  untakenStays: '尚未选定，仍为“{{chosen}}”；{{hint}}',
  takeOne: '请从列表中选取',
  unstorable: '有无法保存的字符，请删去后重输；文字还在',
} as const;
