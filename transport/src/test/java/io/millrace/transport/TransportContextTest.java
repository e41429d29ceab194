package io.millrace.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class TransportContextTest {
    @Test
    void shouldNameTheValueWhenItIsOutOfRange() {
        final IllegalArgumentException failure =
                assertThrows(IllegalArgumentException.class, () -> new TransportContext().closeTimeoutNs(0));
        assertTrue(failure.getMessage().contains("closeTimeoutNs=0"), failure.getMessage());
    }

    @Test
    void shouldFreezeWhenConcluded() {
        final TransportContext context =
                new TransportContext().closeTimeoutNs(7).conclude();
        context.conclude();
        assertThrows(IllegalStateException.class, () -> context.closeTimeoutNs(8));
        assertEquals(7, context.closeTimeoutNs());
    }

    @Test
    void shouldFreezeTheConnectionContextToo() {
        final ConnectionContext nested = new ConnectionContext();
        assertSame(
                nested,
                new TransportContext().connectionContext(nested).conclude().connectionContext());
        assertThrows(IllegalStateException.class, () -> nested.closeTimeoutNs(8));
        final ConnectionContext ofListener = new ConnectionContext();
        new ListenerContext().connectionContext(ofListener).conclude();
        assertThrows(IllegalStateException.class, () -> ofListener.closeTimeoutNs(8));
    }

    @Test
    void shouldRefuseToConcludeWhenTheConnectionContextIsBad() {
        final ConnectionContext bad =
                new ConnectionContext().maxMessageLength(1024).outboundCapacity(1024);
        final TransportContext context = new TransportContext().connectionContext(bad);
        assertThrows(IllegalArgumentException.class, context::conclude);
    }
}
