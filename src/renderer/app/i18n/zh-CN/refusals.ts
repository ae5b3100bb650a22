import type { OpRefusal } from '#shared/sync/refusals.ts';

/** Why the server did not carry out an operation, and what to do about it. */
export const zhCNRefusals = {
  UNKNOWN_KIND: '服务器还不支持这项操作。内容留在本机，服务器升级后可以再发送。',
  BAD_INPUT: '内容不符合服务器的要求。请改好后再提交；不清楚哪里不对时请联系管理员。',
  HASH_MISMATCH: '内容在途中有变动，服务器没有接受。请再发送一次。',
  NOT_STORABLE: '服务器存不下这项内容。请联系管理员。',
  OP_ID_TAKEN: '服务器上已有同一操作号的不同内容。请再发送一次，会换用新的操作号。',
  DEPENDENCY_UNKNOWN: '前一项操作还没有到达服务器。请再发送一次。',
  DEPENDENCY_REJECTED: '前一项操作被退回，这一项没有执行。再发送或放弃时两项一起处理。',
  FORBIDDEN: '没有权限做这项操作，或权限已变更。需要时请联系班长。',
  NOT_FOUND: '服务器上没有这条记录，或已不能查看它。',
  UID_TAKEN: '服务器上已有同一编号的不同内容，没有重复登记。请联系管理员核对。',
  INTAKE_INCOMPLETE: '工单的必填项不全，服务器没有受理。补齐后重新提交。',
  FORM_INVALID: '专项表单的填写不符合要求。改好后重新提交。',
  PARENT_NOT_FOUND: '服务器上没有要并入的母单，或不能查看它。',
  PARENT_IS_CHILD: '要并入的工单本身已并入别的工单，不能作母单。',
  HAS_CHILDREN: '这件工单是母单，下面已有并入的工单，不能再并入别的工单。',
  ALREADY_MERGED: '中心已经完成并单，不能再改。需要拆分请联系班长。',
  FIELDS_CHANGED: '别人在您之后改了同一项，您的更正没有写入。请对照后取对方、用我的或合并。',
  TICKET_PASSED_ON: '工单已转出或已办结，不能再改登记内容。需要说明的请用补充。',
  MERGE_CIRCLE: '两份诉求人记录已互相指向，不能这样合并。',
  RECORD_FULL: '这份资料的号码或标记已到上限，改动没有写入。请放弃后减少几项再保存。',
  ARTICLE_CHANGED: '这条知识已发布新版本。请在新版本上核对后重新提交。',
  PROPOSAL_WAITING: '这条知识另有一份修改等待审核，审核完再提交。',
  PROPOSAL_GONE: '这份修改已经被审核或被作者换掉，没有重复处理。',
  OWN_PROPOSAL: '不能审核自己提交的修改，请由另一位采编、班长或管理员审核。',
  SEAT_NOT_ON_LINE: '对方座席不接这条线路，表单没有发出，请口头告知。放弃后表单回到草稿。',
  PAYLOAD_TOO_LARGE: '这项内容太大，服务器没有接受。请删减后再提交，或联系管理员。',
  INTERNAL: '服务器处理这项操作时反复出错，已先放在一边，其他操作照常发送。可以稍后再发送；仍不行请联系管理员。',
} as const satisfies Record<OpRefusal | 'PAYLOAD_TOO_LARGE' | 'INTERNAL', string>;

/** Why nobody answered. */
export const zhCNCauses = {
  refused: '服务器没有开启，或拒绝连接',
  noAddress: '找不到服务器地址',
  noRoute: '网络不通',
  cut: '连接中途断开',
  timeout: '等待超时',
  certificate: '服务器证书不受信任',
  stranger: '中间设备返回 {{status}}',
  notOurs: '收到的不是热线服务器的应答',
  tooLong: '应答过长',
  field: '位置：{{field}}',
} as const;
