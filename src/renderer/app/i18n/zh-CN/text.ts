/** What is said at any field about the text in it. */
export const zhCNText = {
  tooLong: '{{count}} 字，最多 {{max}} 字；请删减，文字还在',
  unstorable: '有无法保存的字符，请删去后重输；文字还在',
} as const;
