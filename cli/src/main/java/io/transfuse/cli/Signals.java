package io.transfuse.cli;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.function.IntConsumer;

/**
 * Takes signals instead of the JVM. sun.misc.Signal is exported by the module jdk.unsupported to everybody, but the
 * compiler warns of its use, which is an error here; hence reflection.
 */
final class Signals {
    private Signals() {}

    /** From now on a signal calls {@code handler} with its number. False when this JVM does not give it away. */
    static boolean handle(final String name, final IntConsumer handler) {
        try {
            final Class<?> signalClass = Class.forName("sun.misc.Signal");
            final Class<?> handlerClass = Class.forName("sun.misc.SignalHandler");
            final InvocationHandler invocation = (proxy, method, arguments) -> {
                if (method.getName().equals("handle")) {
                    handler.accept((Integer) signalClass.getMethod("getNumber").invoke(arguments[0]));
                }
                return null;
            };
            final Object signal = signalClass.getConstructor(String.class).newInstance(name);
            signalClass
                    .getMethod("handle", signalClass, handlerClass)
                    .invoke(
                            null,
                            signal,
                            Proxy.newProxyInstance(
                                    Signals.class.getClassLoader(), new Class<?>[] {handlerClass}, invocation));
            return true;
        } catch (final ReflectiveOperationException e) {
            return false;
        }
    }
}
