/** Texts of the list of canned texts that opens with a slash. */
export const zhCNCanned = { label: '常用语', hint: '↑ ↓ 选择　回车插入　Esc 保留斜杠' } as const;
