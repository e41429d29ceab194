package io.millrace.transport.tls;

import java.lang.System.Logger.Level;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.security.Provider;
import javax.net.ssl.SSLEngine;

/**
 * Has a server's engines send tickets where the provider wants to be asked: Conscrypt, by the public call that its
 * documents name for it. It is no dependency, so the call is looked up by name. Immutable; any thread.
 */
final class ServerTickets {
    private static final System.Logger LOGGER = System.getLogger(ServerTickets.class.getName());
    private static final String CONSCRYPT = "Conscrypt";

    /** Null if the provider needs no word. */
    private final MethodHandle asked;

    ServerTickets(final Provider provider) {
        asked = isConscrypt(provider) ? find(provider) : null;
    }

    static boolean isConscrypt(final Provider provider) {
        return provider.getName().equals(CONSCRYPT);
    }

    private static MethodHandle find(final Provider provider) {
        try {
            return MethodHandles.publicLookup()
                    .findStatic(
                            Class.forName(
                                    "org.conscrypt.Conscrypt",
                                    true,
                                    provider.getClass().getClassLoader()),
                            "setUseSessionTickets",
                            MethodType.methodType(void.class, SSLEngine.class, boolean.class));
        } catch (final ReflectiveOperationException | LinkageError ex) {
            LOGGER.log(
                    Level.WARNING,
                    "servers send no tickets of TLS 1.3: provider=" + provider.getName() + " "
                            + provider.getVersionStr(),
                    ex);
            return null;
        }
    }

    void enable(final SSLEngine engine) {
        if (asked == null) {
            return;
        }
        try {
            asked.invokeExact(engine, true);
        } catch (final RuntimeException | Error ex) {
            throw ex;
        } catch (final Throwable ex) {
            throw new IllegalStateException("the provider refuses tickets for engine=" + engine, ex);
        }
    }
}
