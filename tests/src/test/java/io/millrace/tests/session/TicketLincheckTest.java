package io.millrace.tests.session;

import io.millrace.session.SessionCache;
import io.millrace.session.SessionCacheContext;
import io.millrace.session.SessionKey;
import io.millrace.session.TakenTicket;
import org.jetbrains.lincheck.datastructures.Operation;
import org.junit.jupiter.api.Test;

/** Everything that can end a taken ticket, at once: one of them does. */
public class TicketLincheckTest {
    private static final SessionKey KEY = SessionKey.builder("a", 443).build();

    private final SessionCache cache = new SessionCache(new SessionCacheContext()
            .maxKeys(1)
            .maxTicketsPerKey(4)
            .maxTickets(4)
            .clock(() -> 1_000));
    private final TakenTicket taken;

    public TicketLincheckTest() {
        cache.put(KEY, 1, 60);
        taken = cache.take(KEY);
    }

    @Operation
    public String spend() {
        try {
            return "spent " + taken.spendSlot();
        } catch (final IllegalStateException ex) {
            return "over";
        }
    }

    /** Giving back is two steps, an end and a put: so it is not seen in the cache at once, and not looked for here. */
    @Operation
    public String giveBack() {
        try {
            return "given back " + cache.giveBack(taken);
        } catch (final IllegalStateException ex) {
            return "over";
        }
    }

    @Operation
    public void end() {
        taken.close();
    }

    @Test
    void shouldBeLinearizableAndObstructionFree() {
        Lincheck.modelCheck(getClass());
    }
}
