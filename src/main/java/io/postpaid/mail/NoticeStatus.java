package io.postpaid.mail;

/** How far a notice has come. */
public enum NoticeStatus {
    QUEUED,
    SENDING,
    SENT,
    /** The server may or may not have taken it. */
    UNKNOWN,
    /** It was refused for good. */
    FAILED
}
