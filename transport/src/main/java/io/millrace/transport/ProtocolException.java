package io.millrace.transport;

/** A peer broke the rules: its connection ends with the reason. Has no stack trace, for it is the peer's fault. */
public final class ProtocolException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** What to close with. */
    private final CloseReason reason;

    /**
     * Makes an exception.
     *
     * @param reason to close with.
     * @param detail naming the value.
     */
    public ProtocolException(final CloseReason reason, final String detail) {
        super(detail, null, false, false);
        this.reason = reason;
    }

    /**
     * The reason to close with.
     *
     * @return the reason.
     */
    public CloseReason reason() {
        return reason;
    }
}
