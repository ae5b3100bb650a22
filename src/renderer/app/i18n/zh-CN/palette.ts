/** Texts of the command palette. */
export const zhCNPalette = {
  open: '查找',
  label: '命令面板',
  placeholder: '查找工单、诉求人、知识、页面或操作',
  pages: '页面',
  actions: '操作',
  people: '诉求人',
  tickets: '工单',
  articles: '知识',
  none: '没有匹配项',
  hint: '↑ ↓ 选择　回车执行　Esc 关闭',
} as const;
