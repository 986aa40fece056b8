//! The closed vocabularies: each value with its code and its two names.
//!
//! Codes are what YAML, the log, queries and JSON carry; names are what people
//! read (obligations-model section 3, reporting-habits section 3).

use super::words::Term;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

macro_rules! vocabulary {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $code:literal, $zh:literal, $en:literal;)+ }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
        pub enum $name { $($(#[$vdoc])* #[serde(rename = $code)] $variant),+ }

        impl $name {
            /// Every value, in the order of the vocabulary.
            pub const ALL: &'static [$name] = &[$($name::$variant),+];
            /// The code used in files, queries and JSON.
            pub fn code(self) -> &'static str { match self { $($name::$variant => $code),+ } }
            /// The name in both languages.
            pub fn term(self) -> Term { match self { $($name::$variant => Term($zh, $en)),+ } }
            /// From the code.
            pub fn from_code(code: &str) -> Option<$name> { match code { $($code => Some($name::$variant),)+ _ => None } }
        }
    };
}

vocabulary!(
    /// What sort of thing an obligation is (obligations-model section 3).
    Kind {
        /// A principle to follow.
        Principle = "principle", "原则", "Principle";
        /// Who answers for what.
        Organisation = "organisation", "组织责任", "Organisation";
        /// Something to do.
        Action = "action", "行动", "Action";
        /// A system or a regime to build.
        Build = "build", "建制", "Build";
        /// Something nobody may do: never done, only in compliance.
        Prohibition = "prohibition", "禁止", "Prohibition";
        /// A result: measured, never closed by a document.
        Outcome = "outcome", "成效", "Outcome";
    }
);
vocabulary!(
    /// How binding the text is.
    Modality {
        /// 应当.
        Must = "must", "应当", "Must";
        /// 禁止.
        Prohibition = "prohibition", "禁止", "Prohibition";
        /// 保障或框架: makes other duties possible.
        Enabling = "enabling", "保障", "Enabling";
    }
);
vocabulary!(
    /// Whether one body leads or each leads in its own field.
    LeadMode {
        /// One lead department.
        Single = "single", "牵头", "Single lead";
        /// 按职责分工负责: every lead has its own assignment.
        ByRemit = "by-remit", "按职责分工负责", "By remit";
    }
);
vocabulary!(
    /// How a duty ends.
    Recurrence {
        /// Done once, then closed.
        OneOff = "one-off", "一次性", "One-off";
        /// Built, then kept in operation.
        BuildThenOperate = "build-then-operate", "先建后常态", "Build then operate";
        /// Kept at from the start.
        Continuous = "continuous", "常态", "Continuous";
    }
);
vocabulary!(
    /// How one obligation needs another.
    NeedKind {
        /// The other must be finished first.
        Requires = "requires", "前置", "requires";
        /// The other gives input.
        Feeds = "feeds", "提供输入", "feeds";
        /// The other helps.
        Supports = "supports", "支撑", "supports";
    }
);
vocabulary!(
    /// How an article of law stands to an obligation (law-crosswalk).
    Relation {
        /// Same content made a duty.
        Implements = "implements", "落实", "implements";
        /// Narrower detail.
        Refines = "refines", "细化", "refines";
        /// The consequence of a breach.
        Sanctions = "sanctions", "罚则", "sanctions";
        /// Same subject.
        Related = "related", "相关", "related";
        /// No article corresponds; kept so that the gap is seen.
        None = "none", "无对应条文", "none";
    }
);
vocabulary!(
    /// How sure a match is.
    Confidence {
        /// Same subject and same kind of duty.
        High = "high", "高", "high";
        /// Partial overlap.
        Medium = "medium", "中", "medium";
        /// Thematic only.
        Low = "low", "低", "low";
    }
);
vocabulary!(
    /// Which way an indicator should go.
    Direction {
        /// More is better.
        Up = "up", "上升", "up";
        /// Less is better.
        Down = "down", "下降", "down";
        /// Watched, without a wanted direction.
        Monitor = "monitor", "监测", "monitor";
        /// Must be nought.
        Zero = "zero", "归零", "zero";
    }
);
vocabulary!(
    /// The seven states of an assignment (reporting-habits section 3). Overdue, late
    /// and blocked are lights and flags, never states.
    #[derive(Default)]
    Status {
        /// No progress recorded.
        #[default]
        NotStarted = "not-started", "未启动", "Not started";
        /// Lead, person and a first entry exist.
        InProgress = "in-progress", "推进中", "In progress";
        /// Applied for acceptance; the due-date clock has stopped.
        Submitted = "submitted", "待验收", "Submitted";
        /// One-off duty accepted.
        Closed = "closed", "已销号", "Closed";
        /// Standing duty accepted, reviewed each cycle.
        Operating = "operating", "常态运行", "Operating";
        /// Deferred with approval until a resume date.
        Suspended = "suspended", "暂缓", "Suspended";
        /// Approved as not applying here, with a re-check date.
        NotApplicable = "not-applicable", "不适用", "Not applicable";
    }
);
vocabulary!(
    /// The light of an assignment on one date, worst first.
    #[derive(Default)]
    Light {
        /// At least one red rule fires.
        Red = "red", "红", "Red";
        /// No red rule fires, at least one amber rule does.
        Amber = "amber", "黄", "Amber";
        /// No rule fires.
        #[default]
        Green = "green", "绿", "Green";
        /// Out of the reckoning for now.
        Grey = "grey", "灰", "Grey";
    }
);
vocabulary!(
    /// What an entry of the log says (FORMATS, event table).
    Event {
        /// T01.
        Start = "start", "启动", "Start";
        /// Progress report; a nil report with `nil`.
        Progress = "progress", "进展", "Progress";
        /// T02.
        Apply = "apply", "申请销号", "Apply for acceptance";
        /// T05.
        Return = "return", "退回", "Return";
        /// T03, T04.
        Accept = "accept", "验收", "Accept";
        /// T06.
        Review = "review", "定期复核", "Periodic review";
        /// T15.
        Measure = "measure", "成效测量", "Measure";
        /// T16.
        Inspect = "inspect", "核查", "Inspect";
        /// T07.
        Regress = "regress", "反弹整改", "Regress";
        /// T08.
        Reopen = "reopen", "回头看重新立项", "Reopen";
        /// T09, T10.
        Suspend = "suspend", "暂缓", "Suspend";
        /// T11.
        Resume = "resume", "恢复", "Resume";
        /// T12, T13, T17.
        Exempt = "exempt", "认定不适用", "Mark not applicable";
        /// T14.
        Restore = "restore", "恢复适用", "Applies again";
        /// 延期: an event, not a state.
        Extend = "extend", "延期", "Extend";
        /// A blocking issue.
        Block = "block", "受阻", "Block";
        /// The issue is solved.
        Unblock = "unblock", "解除受阻", "Unblock";
        /// A confirmed breach of a prohibition.
        Breach = "breach", "违反", "Breach";
        /// The breach is dealt with.
        Remedy = "remedy", "处置违反", "Remedy";
        /// The present wording was read.
        Attest = "attest", "确认文本", "Attest";
        /// Withdraws the entry named in `fixes`.
        Void = "void", "撤回", "Void";
    }
);
vocabulary!(
    /// What a post may do (people.yaml).
    Role {
        /// Logs progress.
        Officer = "officer", "经办", "Officer";
        /// Accepts and returns.
        Reviewer = "reviewer", "验收", "Reviewer";
        /// Agrees to suspension, exemption, extension.
        Approver = "approver", "批准", "Approver";
        /// Regresses and reopens.
        Supervisor = "supervisor", "督办", "Supervisor";
        /// Head of unit: agrees to an application.
        Manager = "manager", "单位负责人", "Manager";
    }
);
vocabulary!(
    /// Whom a letter of the escalation ladder is written to.
    Recipient {
        /// The named person of the item.
        Person = "person", "责任人", "the responsible person";
        /// The lead department.
        Lead = "lead", "牵头单位", "the lead department";
        /// Its head, who is summoned or written to in person.
        Manager = "manager", "牵头单位负责人", "the head of the lead department";
        /// The lead with every supporting department.
        Units = "units", "牵头和配合单位", "the lead and the supporting departments";
        /// Every department of the register: a circular.
        All = "all", "各单位", "every department";
    }
);
vocabulary!(
    /// Secrecy class of a piece of evidence, lowest first.
    Class {
        /// 公开.
        Public = "公开", "公开", "public";
        /// 内部.
        Internal = "内部", "内部", "internal";
        /// 秘密.
        Confidential = "秘密", "秘密", "confidential";
        /// 机密.
        Secret = "机密", "机密", "secret";
        /// 绝密.
        TopSecret = "绝密", "绝密", "top secret";
    }
);
vocabulary!(
    /// The three tiers of responsibility.
    Tier {
        /// Regulator.
        R = "R", "主管部门", "Regulator";
        /// Enterprise.
        E = "E", "企业", "Enterprise";
        /// User.
        U = "U", "用户", "User";
    }
);

impl Event {
    /// Does it say that the wording was read? Such entries carry its fingerprint (FORMATS, `fp`).
    pub fn signs(self) -> bool {
        matches!(self, Event::Attest | Event::Apply | Event::Accept | Event::Review)
    }
}

impl Status {
    /// Finished for whoever waits on it: closed, operating or not applicable (FORMATS, Lights).
    pub fn finished(self) -> bool {
        matches!(self, Status::Closed | Status::Operating | Status::NotApplicable)
    }
    /// Not started or in progress: the two open states that due dates press on.
    pub fn open(self) -> bool {
        matches!(self, Status::NotStarted | Status::InProgress)
    }
}

impl Class {
    /// Evidence above 内部 is never printed (reporting-habits section 4).
    pub fn printable(self) -> bool {
        self <= Class::Internal
    }
}
