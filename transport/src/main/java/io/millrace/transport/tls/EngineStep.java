package io.millrace.transport.tls;

import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;

/** What comes after a call of an engine: each pair of the two statuses that it answers is listed here once. */
enum EngineStep {
    /** Call again, as long as there is something to call with and the last calls came to something. */
    GO_ON,
    /** Leave: the engine wants more bytes, or the other direction first. */
    LEAVE,
    /** Leave: the target has no room for a record. */
    NO_ROOM,
    /** Leave for good: this direction has ended. */
    ENDED,
    /** No engine for streams answers that. */
    BROKEN;

    static EngineStep afterUnwrap(final Status status, final HandshakeStatus next) {
        return switch (status) {
            case OK ->
                switch (next) {
                    case NOT_HANDSHAKING, FINISHED, NEED_UNWRAP, NEED_TASK -> GO_ON;
                    case NEED_WRAP -> LEAVE;
                    case NEED_UNWRAP_AGAIN -> BROKEN;
                };
            case BUFFER_UNDERFLOW ->
                switch (next) {
                    case NOT_HANDSHAKING, FINISHED, NEED_UNWRAP, NEED_TASK, NEED_WRAP -> LEAVE;
                    case NEED_UNWRAP_AGAIN -> BROKEN;
                };
            case BUFFER_OVERFLOW ->
                switch (next) {
                    case NOT_HANDSHAKING, FINISHED, NEED_UNWRAP, NEED_TASK, NEED_WRAP -> NO_ROOM;
                    case NEED_UNWRAP_AGAIN -> BROKEN;
                };
            case CLOSED ->
                switch (next) {
                    case NOT_HANDSHAKING, FINISHED, NEED_UNWRAP, NEED_TASK, NEED_WRAP -> ENDED;
                    case NEED_UNWRAP_AGAIN -> BROKEN;
                };
        };
    }

    static EngineStep afterWrap(final Status status, final HandshakeStatus next) {
        return switch (status) {
            case OK ->
                switch (next) {
                    case NOT_HANDSHAKING, FINISHED, NEED_WRAP, NEED_TASK -> GO_ON;
                    // Before the first handshake is done there is nothing to wrap then, and after it content may be.
                    case NEED_UNWRAP -> GO_ON;
                    case NEED_UNWRAP_AGAIN -> BROKEN;
                };
            case BUFFER_UNDERFLOW ->
                switch (next) {
                    case NOT_HANDSHAKING, FINISHED, NEED_WRAP, NEED_TASK, NEED_UNWRAP, NEED_UNWRAP_AGAIN -> BROKEN;
                };
            case BUFFER_OVERFLOW ->
                switch (next) {
                    case NOT_HANDSHAKING, FINISHED, NEED_WRAP, NEED_TASK, NEED_UNWRAP -> NO_ROOM;
                    case NEED_UNWRAP_AGAIN -> BROKEN;
                };
            case CLOSED ->
                switch (next) {
                    case NOT_HANDSHAKING, FINISHED, NEED_WRAP, NEED_TASK, NEED_UNWRAP -> ENDED;
                    case NEED_UNWRAP_AGAIN -> BROKEN;
                };
        };
    }
}
