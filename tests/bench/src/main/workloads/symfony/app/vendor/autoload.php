<?php

// The packages' own class maps, and the application's namespace as Composer would load it.
set_include_path(__DIR__.'/php');
foreach (['Bundle/FrameworkBundle', 'Bundle/TwigBundle', 'Component/Dotenv', 'Component/Yaml'] as $package) {
    require_once __DIR__.'/php/Symfony/'.$package.'/autoload.php';
}
spl_autoload_register(static function (string $class): void {
    if (str_starts_with($class, 'App\\')) {
        require dirname(__DIR__).'/src/'.strtr(substr($class, 4), '\\', '/').'.php';
    }
});
