package io.millrace.transport.websocket;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.millrace.transport.CloseReason;
import io.millrace.transport.CloseReport;
import io.millrace.transport.Connection;
import io.millrace.transport.ConnectionContext;
import io.millrace.transport.ConnectionHandler;
import io.millrace.transport.IdleKind;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A WebSocket for a handler that knows of none. */
class MessagesOnlyTest {
    private final List<String> events = new ArrayList<>();
    private final FakeLink link = new FakeLink();
    private final WebSocketEnd end = WebSocketSide.server(
                    URI.create("ws://h"), new WebSocketContext(), new ConnectionContext().conclude())
            .end(new ConnectionHandler() {
                private void tell(final Connection connection, final String what) {
                    assertEquals(link.connection(), connection);
                    events.add(what);
                }

                @Override
                public void onOpen(final Connection connection) {
                    tell(connection, "open");
                }

                @Override
                public void onMessage(
                        final Connection connection, final ByteBuffer buffer, final int offset, final int length) {
                    tell(connection, "message " + WebSocketHandler.text(buffer, offset, length));
                }

                @Override
                public void onWritable(final Connection connection) {
                    tell(connection, "writable");
                }

                @Override
                public void onSlowConsumer(final Connection connection) {
                    tell(connection, "slow");
                }

                @Override
                public void onIdle(final Connection connection, final IdleKind kind) {
                    tell(connection, "idle " + kind);
                }

                @Override
                public void onClose(final Connection connection, final CloseReport report) {
                    tell(connection, "closed " + report.reason());
                }
            });

    private void receive(final String frames) {
        final ByteBuffer source = ByteBuffer.wrap(frames.getBytes(StandardCharsets.ISO_8859_1));
        end.forms().get(0).newDecoder().decode(source, 0, source.limit(), (buffer, offset, length) -> {
            end.onMessage(link.connection(), buffer, offset, length);
            return true;
        });
    }

    @Test
    void shouldTellOfTextAndBinaryAlikeAndOfTheConnection() {
        final ByteBuffer request = ByteBuffer.wrap(OpeningTest.bytes(OpeningTest.REQUEST));
        end.begin(link);
        end.open(request, 0, request.limit());
        end.onOpen(link.connection());
        receive("\u0081\u0081\0\0\0\0t\u0082\u0081\0\0\0\0b");
        end.onWritable(link.connection());
        end.onSlowConsumer(link.connection());
        end.onIdle(link.connection(), IdleKind.READ);
        end.onClose(link.connection(), EndRig.report(CloseReason.LOCAL_CLOSE));

        assertEquals(
                List.of("open", "message t", "message b", "writable", "slow", "idle READ", "closed LOCAL_CLOSE"),
                events);
    }

    @Test
    void shouldTellOfAConnectionThatWasNeverOpenToo() {
        end.begin(link);
        end.onClose(link.connection(), EndRig.report(CloseReason.UPGRADE_TIMEOUT));

        assertEquals(List.of("closed UPGRADE_TIMEOUT"), events);
    }
}
