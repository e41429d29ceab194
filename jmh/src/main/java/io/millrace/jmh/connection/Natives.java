package io.millrace.jmh.connection;

import io.netty.handler.ssl.OpenSsl;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.conscrypt.Conscrypt;

/** The peers' native halves. */
public final class Natives {
    private Natives() {}

    /**
     * Those that do not load on this machine.
     *
     * @param peers whose names may ask for them.
     * @return a line for each that is asked for.
     */
    public static List<String> missing(final Collection<String> peers) {
        final List<String> lines = new ArrayList<>();
        for (final NettyIo io : NettyIo.values()) {
            look(io.name().toLowerCase(Locale.ROOT), peers, io.unavailability(), lines);
        }
        look("tcnative", peers, Optional.ofNullable(OpenSsl.unavailabilityCause()), lines);
        look("conscrypt", peers, conscrypt(), lines);
        return lines;
    }

    private static void look(
            final String word,
            final Collection<String> peers,
            final Optional<Throwable> unavailability,
            final List<String> lines) {
        if (peers.stream().anyMatch(peer -> List.of(peer.split("-")).contains(word))) {
            unavailability.ifPresent(why -> lines.add(new PeerUnavailableException(word, why).getMessage()));
        }
    }

    private static Optional<Throwable> conscrypt() {
        try {
            Conscrypt.checkAvailability();
            return Optional.empty();
        } catch (final UnsatisfiedLinkError ex) {
            return Optional.of(ex);
        }
    }
}
