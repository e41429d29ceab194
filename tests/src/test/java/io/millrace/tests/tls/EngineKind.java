package io.millrace.tests.tls;

import io.millrace.ring.Memory;
import io.millrace.transport.tls.TlsContext;
import io.netty.handler.ssl.OpenSsl;
import java.security.Provider;
import org.conscrypt.Conscrypt;

/** Who makes the engines of one side. */
public enum EngineKind {
    JDK {
        @Override
        public TlsContext server(final TestAuthority.Issued issued, final String protocol) {
            return new TlsContext().identity(issued.identity()).protocols(protocol);
        }

        @Override
        public TlsContext client(final TestAuthority authority, final String protocol) {
            return new TlsContext().trust(authority.trust()).protocols(protocol);
        }
    },
    /** The JDK's, on memory outside the heap. */
    JDK_DIRECT {
        @Override
        public TlsContext server(final TestAuthority.Issued issued, final String protocol) throws Exception {
            return JDK.server(issued, protocol).memory(Memory.DIRECT);
        }

        @Override
        public TlsContext client(final TestAuthority authority, final String protocol) throws Exception {
            return JDK.client(authority, protocol).memory(Memory.DIRECT);
        }
    },
    CONSCRYPT {
        @Override
        public TlsContext server(final TestAuthority.Issued issued, final String protocol) throws Exception {
            return JDK.server(issued, protocol).provider(Native.CONSCRYPT);
        }

        @Override
        public TlsContext client(final TestAuthority authority, final String protocol) throws Exception {
            return JDK.client(authority, protocol).provider(Native.CONSCRYPT);
        }
    },
    /** Netty's, in an existing SSLContext. */
    TCNATIVE {
        @Override
        public TlsContext server(final TestAuthority.Issued issued, final String protocol) throws Exception {
            return over(NettySslContext.server(issued, protocol), protocol);
        }

        @Override
        public TlsContext client(final TestAuthority authority, final String protocol) throws Exception {
            return over(NettySslContext.client(authority, protocol), protocol);
        }

        private TlsContext over(final NettySslContext context, final String protocol) {
            return new TlsContext().sslContext(context).memory(Memory.DIRECT).protocols(protocol);
        }
    };

    public abstract TlsContext server(TestAuthority.Issued issued, String protocol) throws Exception;

    public abstract TlsContext client(TestAuthority authority, String protocol) throws Exception;

    /** Empty if it can run here, or why not. */
    public String missing() {
        return switch (this) {
            case JDK, JDK_DIRECT -> "";
            case CONSCRYPT -> Conscrypt.isAvailable() ? "" : "no native library of Conscrypt for this machine";
            case TCNATIVE ->
                OpenSsl.isAvailable() ? "" : "no native library of tcnative: " + OpenSsl.unavailabilityCause();
        };
    }

    /** Loads its library when it is first asked for. */
    private static final class Native {
        static final Provider CONSCRYPT = Conscrypt.newProvider();
    }
}
