package io.millrace.transport.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.transport.CloseReason;
import io.millrace.transport.Conversation;
import io.millrace.transport.ProtocolException;
import java.io.IOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** How it ends towards a peer that takes nothing any more. */
class ConversationPipeTest {
    private final ByteBuffer farewell = ByteBuffer.allocate(4);
    private boolean peerEnded;
    private ProtocolException refusal;
    private int left;
    private boolean sends = true;
    private boolean ends = true;
    private final ConversationPipe pipe =
            new ConversationPipe(inner(), conversation(), new ConversationLink(null, null));

    private Pipe inner() {
        return standIn(Pipe.class, (self, method, args) -> switch (method.getName()) {
            case "flush" -> true;
            case "send" -> taken((ByteBuffer) args[0]);
            case "end" -> possible(ends);
            case "handshake" -> true;
            case "tls" -> Optional.empty();
            case "receiveRoom" -> 1;
            case "receive" -> received();
            default -> throw new UnsupportedOperationException(method.getName());
        });
    }

    private Conversation conversation() {
        return standIn(Conversation.class, (self, method, args) -> switch (method.getName()) {
            case "begin" -> null;
            case "opening" -> ByteBuffer.allocate(0);
            case "refusal" -> Optional.ofNullable(refusal);
            case "isOpen" -> refusal == null;
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

    private int received() {
        return left-- > 0 ? 1 : Pipe.END;
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

    @Test
    void shouldTakeTurnsWhenAPeerThatIsRefusedNeverStops() throws IOException {
        refusal = new ProtocolException(CloseReason.HTTP_ANSWERED, "answered");
        left = 20;
        int turns = 0;
        assertFalse(pipe.handshake());
        while (pipe.isDiscarding() && left >= 8) {
            turns++;
            assertFalse(pipe.handshake());
        }
        assertEquals(1, turns);
        assertEquals(4, left);
        assertSame(refusal, assertThrows(ProtocolException.class, pipe::handshake));
    }
}
