package io.transfuse.cli;

import io.transfuse.transport.Address;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Lets picocli read an {@link Address} to listen at. */
final class ListenAddressConverter implements ITypeConverter<Address> {
    @Override
    public Address convert(final String text) {
        try {
            return Address.toListen(text);
        } catch (final IllegalArgumentException e) {
            throw new TypeConversionException(e.getMessage());
        }
    }
}
