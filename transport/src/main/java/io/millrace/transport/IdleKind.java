package io.millrace.transport;

/** In which direction a connection is idle. */
public enum IdleKind {
    /** Nothing was received. */
    READ,
    /** Nothing was sent. */
    WRITE,
    /** Neither. */
    BOTH
}
