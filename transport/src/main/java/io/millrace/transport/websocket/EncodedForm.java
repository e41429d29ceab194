package io.millrace.transport.websocket;

import io.millrace.transport.Protocol;

/** Whole frames that somebody else has encoded: nothing is added. Encodes only. Immutable. */
final class EncodedForm implements Protocol {
    private final int maxLength;

    EncodedForm(final int maxLength) {
        this.maxLength = maxLength;
    }

    @Override
    public int maxMessageLength() {
        return maxLength;
    }

    @Override
    public Decoder newDecoder() {
        throw new IllegalStateException("only encodes: " + this);
    }

    @Override
    public String toString() {
        return "WebSocket frames encoded before maxMessageLength=" + maxLength;
    }
}
