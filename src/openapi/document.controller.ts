import { Controller, Get, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { sendAnswer, type Answer } from '../candles/rest/answer.js';

@Controller('docs/openapi.json')
export class DocumentController {
  private answer: Promise<Answer> | undefined;

  @Get()
  async read(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Buffer | undefined> {
    this.answer ??= this.make();
    return sendAnswer(request, reply, await this.answer);
  }

  /** What failed is tried again by the next. */
  private async make(): Promise<Answer> {
    try {
      const { documentAnswer } = await import('./document-answer.js');
      return documentAnswer();
    } catch (error) {
      this.answer = undefined;
      throw error;
    }
  }
}
