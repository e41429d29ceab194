package io.millrace.tests.tls;

import io.millrace.transport.tls.TlsContext;

/** For a process of its own, since the JDK reads its property once: how many connections get a ticket, and how many resume. */
final class TicketCount {
    static final int ROUNDS = 3;

    private TicketCount() {}

    public static void main(final String[] args) throws Exception {
        final TestAuthority authority = new TestAuthority("authority");
        final TlsContext server = new TlsContext()
                .identity(authority.issue("a.example").identity())
                .conclude();
        final TlsContext client = new TlsContext().trust(authority.trust()).conclude();
        int resumed = 0;
        for (int i = 0; i < ROUNDS; i++) {
            final TlsPair pair = new TlsPair(client.client("a.example", 443), server.server())
                    .settle()
                    .assertOpen();
            resumed += pair.client.info().resumed() ? 1 : 0;
        }
        System.out.println(
                "put=" + client.resumptionStats().orElseThrow().tickets().put() + " resumed=" + resumed);
    }
}
