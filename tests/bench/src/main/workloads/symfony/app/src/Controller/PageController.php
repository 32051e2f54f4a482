<?php

namespace App\Controller;

use Symfony\Bundle\FrameworkBundle\Controller\AbstractController;
use Symfony\Component\HttpFoundation\Response;

class PageController extends AbstractController
{
    public function page(string $name): Response
    {
        return $this->render('page.html.twig', ['name' => $name]);
    }
}
