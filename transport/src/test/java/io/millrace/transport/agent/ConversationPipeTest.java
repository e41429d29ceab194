package io.millrace.transport.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.transport.CloseReason;
import io.millrace.transport.Conversation;
import java.io.IOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

/** How it ends towards a peer that takes nothing any more. */
class ConversationPipeTest {
    private final ByteBuffer farewell = ByteBuffer.allocate(4);
    private boolean peerEnded;
    private boolean sends = true;
    private boolean ends = true;
    private final ConversationPipe pipe = new ConversationPipe(inner(), conversation(), null);

    private Pipe inner() {
        return standIn(Pipe.class, (self, method, args) -> switch (method.getName()) {
            case "flush" -> true;
            case "send" -> taken((ByteBuffer) args[0]);
            case "end" -> possible(ends);
            default -> throw new UnsupportedOperationException(method.getName());
        });
    }

    private Conversation conversation() {
        return standIn(Conversation.class, (self, method, args) -> switch (method.getName()) {
            case "isOpen" -> true;
            case "isPeerEnded" -> peerEnded;
            case "farewell" -> farewell;
            case "fail" -> null;
            default -> throw new UnsupportedOperationException(method.getName());
        });
    }

    private static <T> T standIn(final Class<T> type, final InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }

    private Object taken(final ByteBuffer source) throws IOException {
        if (possible(sends)) {
            source.position(source.limit());
        }
        return null;
    }

    private static boolean possible(final boolean is) throws IOException {
        if (!is) {
            throw new IOException("Broken pipe");
        }
        return true;
    }

    @Test
    void shouldSayFarewellAndEnd() throws IOException {
        peerEnded = true;
        assertTrue(pipe.end());
        assertFalse(farewell.hasRemaining());
    }

    @Test
    void shouldHaveEndedWhenThePeerIsGoneBehindItsFarewell() throws IOException {
        peerEnded = true;
        sends = false;
        assertTrue(pipe.end());
        assertTrue(pipe.end());
    }

    @Test
    void shouldHaveEndedWhenThePeerIsGoneBehindBothFarewells() throws IOException {
        peerEnded = true;
        ends = false;
        assertTrue(pipe.end());
    }

    @Test
    void shouldTellThatThePeerIsGoneWithoutAFarewell() {
        sends = false;
        final IOException ex = assertThrows(IOException.class, pipe::end);
        assertEquals("Broken pipe", ex.getMessage());
    }

    @Test
    void shouldTellThatThePeerIsGoneWhenThisSideFails() {
        peerEnded = true;
        sends = false;
        pipe.fail(CloseReason.HANDLER_ERROR);
        assertThrows(IOException.class, pipe::end);
    }
}
