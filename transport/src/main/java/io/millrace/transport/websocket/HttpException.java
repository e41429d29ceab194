package io.millrace.transport.websocket;

/** The peer's HTTP is malformed, or too much. Has no stack trace, for it is the peer's fault. */
final class HttpException extends Exception {
    private static final long serialVersionUID = 1L;

    /** What a server answers. */
    private final int status;

    HttpException(final int status, final String detail) {
        super(detail, null, false, false);
        this.status = status;
    }

    int status() {
        return status;
    }
}
