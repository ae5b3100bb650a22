/** Texts of kept views. */
export const zhCNViews = {
  button: '视图',
  search: '搜索',
  title: '视图',
  find: '视图名称（汉字或拼音首字母）',
  empty: '还没有保存视图。把常用的队列、条件和排序起个名字保存下来，以后一键打开；视图保存在本机。',
  none: '没有这个名字的视图。',
  keys: '↑ ↓ 选择，回车打开，Delete 删除。',
  removed: '已删除“{{name}}”。',
  bringBack: '撤销',
  keep: '保存当前：{{what}}',
  name: '起个名字，如“鼓楼区最急”',
  save: '保存',
  replace: '覆盖同名视图',
  full: '最多保存 {{count}} 个视图，请先删除不用的',
} as const;
