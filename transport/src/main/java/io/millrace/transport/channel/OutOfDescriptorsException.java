package io.millrace.transport.channel;

import java.io.IOException;

/** There was no descriptor for a connection that waited to be accepted, so it was closed. */
public final class OutOfDescriptorsException extends IOException {
    private static final long serialVersionUID = 1L;

    /**
     * Makes an exception.
     *
     * @param cause what accepting threw first.
     */
    public OutOfDescriptorsException(final IOException cause) {
        super("closed a connection that could not be accepted: " + cause.getMessage(), cause);
    }
}
