//! The one table of Chinese and English words that the program itself speaks.
//!
//! Vocabulary values (states, lights, kinds …) carry theirs in [`super::kinds`]; column
//! names follow report-columns.csv.

use super::words::Term;

macro_rules! terms {
    ($($name:ident = $zh:literal, $en:literal;)+) => {
        $(#[doc = $en] pub const $name: Term = Term($zh, $en);)+
    };
}

terms! {
    UNIT = "填报单位", "Reporting unit";
    AS_OF = "截至日期", "As of";
    ON = "口径日", "True on";
    VERSION = "数据版本", "Data version";
    FILTER = "筛选", "Filter";
    FILTER_NONE = "无", "none";
    SAMPLE = "示例数据", "sample data";
    READ = "读入", "read";
    VALID = "有效", "valid";
    INVALID = "无法读取", "invalid";
    FILTERED_OUT = "被筛除", "filtered out";
    RECORDED_AFTER = "截至日期之后的记录", "recorded after the as-of date";
    UNREADABLE_LINES = "无法读取的日志行", "unreadable log lines";
    LEFT_OUT = "按规则略过", "left out by rule";
    ROWS = "行数", "rows";
    NOTHING = "本期无此类事项", "nothing to report";
    TOTAL = "合计", "Total";
    GRAND_TOTAL = "义务总数（去重）", "All obligations (each once)";
    NO_LEAD = "无牵头单位", "(no lead department)";
    NO_PERSON = "未定责任人", "(no person)";
    INVALID_ROW = "无法读取的义务", "(invalid obligations)";
    OUTSIDE = "—", "—";
    STANDING = "长期坚持", "standing";
    NOT_SET = "未定", "not set";
    BY_REMIT = "按职责分工负责", "by remit";
    SEQ = "序号", "No.";
    ID = "编号", "ID";
    TITLE = "工作事项", "Obligation";
    REQUIREMENT = "工作要求", "Requirement";
    PRACTICE = "操作理解（建议）", "Operational reading (proposed)";
    PART = "所属部分", "Part";
    POLICY = "政策文件", "Policy";
    SECTOR = "领域", "Sector";
    TIER = "责任层级", "Tier";
    DEPARTMENT = "单位", "Department";
    LEAD = "牵头单位", "Lead unit";
    SUPPORT = "配合单位", "Supporting units";
    FORMER_LEAD = "原牵头单位", "Former lead";
    PERSON = "责任人", "Responsible person";
    CONTACT = "联络员", "Contact";
    DUE = "完成时限", "Due date";
    DUE_ORIGINAL = "原定时限", "Original due date";
    DUE_MOVED = "时限变动", "Due date moved";
    DATE = "日期", "Date";
    APPLIED_ON = "申请日", "Applied on";
    START = "计划启动", "Planned start";
    STATUS = "办理状态", "Status";
    LIGHT = "亮灯", "RAG";
    REASONS = "原因", "Reasons";
    PROGRESS = "进展情况", "Progress";
    ISSUES = "存在问题", "Issues";
    NEXT = "下一步措施", "Next steps";
    EVIDENCE = "佐证材料", "Evidence";
    EXTENSIONS = "延期次数", "Extensions";
    DAYS_OVERDUE = "逾期天数", "Days overdue";
    DAYS_LEFT = "剩余天数", "Days left";
    INDICATOR = "量化指标", "Indicator";
    ACCEPTED_BY = "验收人", "Accepted by";
    BASIS = "依据条款", "Legal basis";
    REMARK = "备注", "Remarks";
    KIND = "性质", "Kind";
    MODALITY = "要求程度", "Modality";
    RECURRENCE = "办结方式", "Recurrence";
    REVIEW = "复核周期", "Review cycle";
    NEXT_REVIEW = "下次复核", "Next review";
    SOURCE = "来源", "Source";
    BEARER = "文本所述主体", "Bearer in the text";
    NEEDS = "依赖", "Needs";
    NEEDED_BY = "被依赖", "Needed by";
    NOTE = "说明", "Note";
    TIME = "时间", "Time";
    BY = "操作人", "By";
    EVENT = "事项", "Event";
    WHAT = "内容", "What";
    MARK = "标记", "Mark";
    LAW = "法条", "Article";
    RELATION = "关系", "Relation";
    CONFIDENCE = "可信度", "Confidence";
    ALL = "总数", "Total";
    WITH_LEAD = "有牵头单位", "Lead";
    WITH_PERSON = "有责任人", "Person";
    WITH_DUE = "有时限", "Due date";
    OWNER_COMPLETE = "责任齐全", "Owner complete";
    WAIVED = "豁免", "Waived";
    WITH_EVIDENCE = "必备证据", "Evidence";
    WITH_ARTICLE = "有对应法条", "Article";
    WITH_CLAUSE = "有来源条款", "Clause";
    DELIVERY = "落实率", "Delivered";
    CLOSURE = "销号率", "Closed";
    ON_TIME = "按期率", "On time";
    OVERDUE_RATE = "逾期率", "Overdue";
    EVIDENCE_RATE = "证据齐全率", "Evidence complete";
    STATUS_TITLE = "办理状态一览", "Status";
    COVERAGE_TITLE = "责任覆盖一览", "Coverage";
    LIST_TITLE = "事项清单", "List";
    HISTORY_TITLE = "变更记录", "History";
    DUE_TITLE = "限期事项", "Due";
    IMPACT_TITLE = "影响范围", "Impact";
    OVERDUE_HEAD = "已逾期", "Overdue";
    SOON_HEAD = "即将到期", "Due soon";
    REVIEWS_HEAD = "待复核", "Reviews due";
    WAITING_HEAD = "待验收", "Waiting for acceptance";
    RESUME_HEAD = "恢复与复查", "Resume and re-check dates";
    LEGEND = "亮灯：红 = 有红灯规则触发；黄 = 有黄灯规则触发；绿 = 无；灰 = 不适用、暂缓或未到启动日。字与色同印。", "Lights: red = a red rule fires; amber = an amber rule fires; green = none; grey = not applicable, suspended or not yet to start.";
    TOTAL_NOTE_DEPT = "各单位行按牵头分工计数；“义务总数”按义务汇总状态去重计数，不等于各行之和。", "Department rows count assignments at their lead; “all obligations” counts each obligation once by its roll-up and is not the sum of the column.";
    BEHIND_TITLE = "合计所含各项", "Rows behind the totals";
    BEHIND_NOTE = "每个合计一段，段首为查询词和项数；前表中带下划线的数字跳到这里。用 duban list 加查询词可得同一清单。", "One section a total, headed by its query words and the number; the underlined figures of the other sheets lead here. `duban list` with the words gives the same list.";
    BEHIND_MORE = "过长而未列出、请用 duban list 展开的合计数：", "Totals too long to be listed here, open them with duban list: ";
    TOTAL_NOTE_ONCE = "一项义务可在多行出现；“义务总数”每项只计一次。", "An obligation may stand in several rows; “all obligations” counts each once.";
    WAIVED_NOTE = "豁免单独计列，不算已覆盖。", "Waivers stand in a column of their own and never count as covered.";
    RATE_NOTE = "销号率 = 已销号 ÷ 一次性事项；落实率 =（已销号＋常态运行）÷ 全部；均扣除不适用；分母为零印“—”。", "Closed = closed ÷ one-off items; delivered = (closed + operating) ÷ all; not-applicable left out of both; nothing over nothing prints —.";
    DELETED = "已撤回", "withdrawn";
    CORRECTED = "已更正", "corrected";
    CORRECTION = "更正", "correction";
    UNLAWFUL = "不合规则", "unlawful";
    SIGNED = "文本签认", "Wording signed";
    OUTDATED = "签认后已变", "Changed since signed";
    STRAY = "无所归属", "no assignment";
    LATER = "截至日之后", "after the as-of date";
    FORMER = "原名", "formerly";
    PERIOD = "本期", "Period";
    COUNTED_IN = "单位：项", "Unit: items";
    NO_FILTER_TITLE = "全部", "all";
    RED_MEANS = "红：至少一条红灯规则触发", "Red: a red rule fires";
    AMBER_MEANS = "黄：无红灯规则触发，至少一条黄灯规则触发", "Amber: no red rule fires, an amber one does";
    GREEN_MEANS = "绿：没有规则触发", "Green: no rule fires";
    GREY_MEANS = "灰：不适用、暂缓或未到启动日", "Grey: not applicable, suspended or not yet to start";
    SIGN_UNIT = "填报单位（盖章）", "Reporting unit (seal)";
    SIGN_FILLED = "填报人", "Prepared by";
    SIGN_REVIEWED = "审核人", "Reviewed by";
    SIGN_APPROVED = "单位负责人（签发）", "Approved by";
    SIGN_PHONE = "联系电话", "Telephone";
    SIGN_DATE = "填报日期", "Date";
    ROLE = "角色", "Role";
    ROLE_LEAD = "牵头", "Lead";
    ROLE_SUPPORT = "配合", "Support";
    NOT_REPORTED = "本期未报", "not reported this period";
    NIL_REPORT = "零报告", "nil report";
    WHY = "亮灯原因", "Why";
    DAYS_WAITED = "已等天数", "Days waited";
    DUE_SET = "时限设定", "Due date set by";
    PERCENT = "进度", "Percent";
    BASELINE = "基期值", "Baseline";
    TARGET = "目标值", "Target";
    ACTUAL = "当期值", "Current value";
    YEAR_ON_YEAR = "同比", "Year on year";
    ACCEPTED_ON = "销号日期", "Closed on";
    PROPOSED_LEAD = "建议牵头单位", "Proposed lead";
    LISTED_ON = "立项日期", "Listed on";
    EVIDENCE_NAME = "材料名称", "Name";
    NUMBER = "文号", "Number";
    CLASS = "密级", "Class";
    EVIDENCE_TYPE = "类型", "Type";
    CHANGE = "变更", "Change";
    FROM = "原值", "From";
    TO = "新值", "To";
    GROUNDS = "依据", "Reason";
    MONTH = "月份", "Month";
    COUNT = "项数", "Count";
    RANK = "名次", "Rank";
    RATE = "指标", "Rate";
    WHOLE = "全部", "Whole";
    HERE = "本单位", "Here";
    OBLIGATIONS = "义务", "Obligations";
    ASSIGNMENTS = "牵头任务", "Assignments";
    SUPPORTED = "配合事项", "Supported";
    OPENED = "新启动", "Opened";
    FINISHED = "新完成", "Finished";
    REOPENED = "退回整改", "Reopened";
    LATE = "逾期", "Overdue";
    CHAIN = "前置链", "Chain";
    UPSTREAM_END = "前置最早完成", "Upstream ends";
    SHORT_BY = "差几天", "Days short";
    OWN_WORK = "剩余工作日历天", "Own days left";
    PLANNED = "计划完成累计", "Planned, cumulative";
    DONE = "实际完成累计", "Done, cumulative";
    SCOPE = "任务总数", "Scope";
    LINK = "关系", "Link";
    NO_ARTICLE = "没有对应条文的义务", "Obligations without an article";
    UNMET_ARTICLES = "没有义务对应的条文", "Articles that no obligation meets";
    UNIT_NOTE = "单位行和人员行按牵头任务计数；其余各行和合计按义务汇总状态计数，每项一次。", "Department rows count assignments at their lead; all other rows and the total count obligations by their roll-up, each once.";
    ONCE_NOTE = "一项义务可在多组出现；合计每项只计一次。", "An obligation may stand in several groups; the total counts each once.";
    LEAD_NOTE = "合计只计牵头任务；配合单位的行显示牵头单位的状态，不计入合计。", "Totals count lead rows only; a supporting unit's row shows the lead's status and is not counted.";
    NO_OWNER_NOTE = "无牵头单位的事项在本清单单列，仍计入各表总数。", "Items without a lead have this list of their own and still count in every total.";
    PLAN_NOTE = "往期各月按现行登记册和计划、当时已有的记录回算。", "Earlier months are worked out from the present register and plan with the entries recorded by then.";
    NOTHING_DUE_SET = "未记录设定人", "nobody recorded";
}

/// What a rule of the lights says, in few words (rag-rules).
pub fn reason(code: &str) -> Term {
    match code {
        "G1" => Term("不适用", "not applicable"),
        "G2" => Term("暂缓中", "suspended"),
        "G3" => Term("未到启动日", "not yet to start"),
        "R1" => Term("逾期", "overdue"),
        "R2" => Term("无牵头单位，已过宽限期", "no lead, grace period over"),
        "R3" => Term("进度严重滞后", "far behind schedule"),
        "R4" => Term("复核逾期超过限度", "review far too late"),
        "R5" => Term("违反未处置", "breach unresolved"),
        "R6" => Term("受阻，无解决日期或日期已过", "blocked, no fix date or past it"),
        "R7" => Term("暂缓已过恢复日期", "suspension past its resume date"),
        "A1" => Term("临期", "due soon"),
        "A2" => Term("进度滞后", "behind schedule"),
        "A3" => Term("久未更新", "no update for long"),
        "A4" => Term("前置事项未完成", "prerequisite unfinished"),
        "A5" => Term("待验收过久", "waiting for acceptance too long"),
        "A6" => Term("未设时限", "no due date set"),
        "A7" => Term("证据缺项或过期", "evidence missing or expired"),
        "A8" => Term("无牵头单位，宽限期内", "no lead, still in grace"),
        "A9" => Term("受阻，已定解决日期", "blocked, fix date set"),
        "A10" => Term("复核到期未办", "review due"),
        "A11" => Term("申请验收晚于时限", "submitted after the due date"),
        _ => Term("未知规则", "unknown rule"),
    }
}
