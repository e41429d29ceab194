package io.millrace.tests.scale;

import io.millrace.transport.CloseReport;
import io.millrace.transport.Connection;
import io.millrace.transport.ConnectionHandler;
import java.nio.ByteBuffer;
import java.util.function.LongFunction;

/** The server's part in one conversation, which it learns from the first message. */
final class Server implements ConnectionHandler {
    private static final int TAIL = 20;

    private final LongFunction<Conversation> conversations;
    private Conversation conversation;
    private End end;
    private long owed;
    private boolean peerEnded;

    Server(final LongFunction<Conversation> conversations) {
        this.conversations = conversations;
    }

    @Override
    public void onMessage(final Connection connection, final ByteBuffer buffer, final int offset, final int length) {
        if (conversation == null) {
            conversation = conversations.apply(Messages.conversationOf(buffer, offset));
            end = conversation.server();
            end.connection(connection);
        }
        end.receive(buffer, offset, length);
        owed = conversation.kind() == Kind.SLOW_CONSUMER ? Long.MAX_VALUE : owed + 1;
        if (conversation.kind() == Kind.SERVER_PAUSES && end.received() == conversation.turningPoint()) {
            connection.pauseReading();
        }
        if (conversation.kind() == Kind.SERVER_CLOSES && end.received() == conversation.turningPoint()) {
            connection.close();
        }
        answer();
    }

    @Override
    public void onWritable(final Connection connection) {
        answer();
    }

    @Override
    public void onPeerEnd(final Connection connection) {
        if (end == null) {
            connection.close();
            return;
        }
        peerEnded = true;
        if (conversation.kind() == Kind.HALF_CLOSE) {
            owed += TAIL;
        }
        answer();
    }

    private void answer() {
        if (end == null) {
            return;
        }
        while (owed > 0) {
            final long position = end.offer();
            if (position == Connection.CLOSED) {
                owed = 0;
            } else if (position < 0) {
                return;
            } else {
                owed--;
            }
        }
        if (peerEnded) {
            end.connection().close();
        }
    }

    @Override
    public void onClose(final Connection connection, final CloseReport report) {
        if (end != null) {
            end.closed(report);
        }
    }
}
