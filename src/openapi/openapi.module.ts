import { Module } from '@nestjs/common';
import { DocumentController } from './document.controller.js';
import { PageRoutes } from './page/page.routes.js';

/** The API's own description: for programs, and for people. */
@Module({ controllers: [DocumentController], providers: [PageRoutes] })
export class OpenApiModule {}
