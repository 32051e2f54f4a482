<?php

namespace App;

use Symfony\Bundle\FrameworkBundle\Kernel\MicroKernelTrait;
use Symfony\Component\HttpKernel\Kernel as BaseKernel;

class Kernel extends BaseKernel
{
    use MicroKernelTrait;

    public function getProjectDir(): string
    {
        return \dirname(__DIR__);
    }

    // Both hold absolute paths, and everyone who runs this sees it at another one.
    public function getCacheDir(): string
    {
        return $this->getProjectDir().'/var/'.getenv('BENCH_USER').'/cache/'.$this->environment;
    }

    public function getLogDir(): string
    {
        return $this->getProjectDir().'/var/'.getenv('BENCH_USER').'/log';
    }
}
