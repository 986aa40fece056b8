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
}
