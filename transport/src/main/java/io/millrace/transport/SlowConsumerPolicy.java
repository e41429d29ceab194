package io.millrace.transport;

/** What becomes of a connection whose peer does not take what is sent. */
public enum SlowConsumerPolicy {
    /** Senders are told {@link Connection#BACK_PRESSURED}, the handler {@link ConnectionHandler#onSlowConsumer}. */
    REPORT,
    /** As {@link #REPORT}, but a message that finds no room is dropped and counted: {@link Connection#DROPPED}. */
    DROP_NEWEST,
    /** Senders are told {@link Connection#BACK_PRESSURED}; in the end the connection is closed. */
    DISCONNECT
}
