package io.millrace.tests.session;

import io.millrace.session.SessionCache;
import io.millrace.session.SessionCacheContext;
import io.millrace.session.SessionKey;
import io.millrace.session.TakenTicket;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.junit.jupiter.api.Test;

/** Put, take, give back, drop and close, on two keys in one bucket or two, with pools of two tickets that overflow. */
@Param(name = "key", gen = IntGen.class, conf = "0:1")
@Param(name = "slot", gen = IntGen.class, conf = "1:9")
public class SessionCacheLincheckTest {
    private static final SessionKey[] KEYS = {
        SessionKey.builder("a", 443).build(), SessionKey.builder("b", 443).build()
    };

    private final SessionCache cache = new SessionCache(new SessionCacheContext()
            .maxKeys(4)
            .maxTicketsPerKey(2)
            .maxTickets(16)
            .clock(() -> 1_000));

    @Operation
    public boolean put(@Param(name = "key") final int key, @Param(name = "slot") final int slot) {
        return cache.put(KEYS[key], slot, 60);
    }

    @Operation
    public long take(@Param(name = "key") final int key) {
        final TakenTicket taken = cache.take(KEYS[key]);
        return taken == null ? -1 : taken.spendSlot();
    }

    @Operation
    public int drop(@Param(name = "key") final int key) {
        return cache.drop(KEYS[key]::equals);
    }

    @Operation
    public int expire() {
        return cache.expire();
    }

    @Test
    void shouldBeLinearizableAndObstructionFree() {
        Lincheck.modelCheck(getClass());
    }
}
